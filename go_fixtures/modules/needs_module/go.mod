module faultrig.example/needs_module

go 1.19

require faultrig.example/gone v1.0.0
