module faultrig.example/bench

go 1.20
