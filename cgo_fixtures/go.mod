module faultrig.example/cgofixtures

go 1.19
