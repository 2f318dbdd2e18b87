module faultrig.example/needs_newer_go

go 1.99
