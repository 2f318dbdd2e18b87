module faultrig.example/vendors

go 1.19

require faultrig.example/gone v1.0.0
