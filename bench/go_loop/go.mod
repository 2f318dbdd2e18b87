module faultrig.example/goloop

go 1.19
