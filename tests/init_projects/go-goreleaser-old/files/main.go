package main

import "fmt"

func main() {
	fmt.Println(cross(2))
}

func cross(boats int) int {
	return boats * 3
}
