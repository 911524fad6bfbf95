package main

import "fmt"

func fare(miles int) int { return 2 + miles }

func main() { fmt.Println(fare(3)) }
