module example.com/octo/anchor

go 1.24
toolchain go1.26.1
