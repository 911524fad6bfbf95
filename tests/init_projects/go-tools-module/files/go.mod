module example.com/octo/winch

go 1.25
