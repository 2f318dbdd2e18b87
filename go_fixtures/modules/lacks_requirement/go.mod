module faultrig.example/lacks_requirement

go 1.19
