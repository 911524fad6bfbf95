module example.com/octo/tiffany

go 1.21
