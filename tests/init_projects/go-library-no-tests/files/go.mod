module example.com/octo/knots

go 1.25.3
