module faultrig.example/fixtures

go 1.19
