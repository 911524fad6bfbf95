package main

func knots(miles int) int { return miles * 2 }

func main() { println(knots(2)) }
