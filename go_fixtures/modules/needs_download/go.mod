module faultrig.example/needs_download

go 1.19

require faultrig.example/gone v1.0.0
