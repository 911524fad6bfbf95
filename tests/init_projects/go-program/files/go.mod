module example.com/octo/ferry

go 1.21
