module cost

go 1.22

require conform v0.0.0

replace conform => ../../../build/go
