module faultrig.example/vendors_less

go 1.19

require faultrig.example/gone v1.0.0
