// The closest thing in Go: a c-shared library, whose runtime starts by itself when the library is loaded.
package main

import "C"

//export hand_add
func hand_add(a, b int32) int32 {
	return a + b
}

func main() {}
