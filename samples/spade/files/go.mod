module example.com/octo/spade

go 1.21
