module faultrig.example/bad_go_mod

go 1.19

requires everything
