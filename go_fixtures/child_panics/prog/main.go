// A program that follows a nil pointer, for a test to start.
package main

import "fmt"

type config struct{ name string }

func load() *config { return nil }

func main() {
	fmt.Println(load().name)
}
