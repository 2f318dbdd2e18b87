module faultrig.example/transparency

go 1.20
