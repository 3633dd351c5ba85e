// Go's c-shared mode: Go's runtime starts when the library is loaded.
package main

/*
typedef void (*peer_back)(void);

static inline void peer_call(peer_back back) { back(); }
*/
import "C"

import "time"

// The sum.
//
//export peer_add
func peer_add(a, b int32) int32 {
	return a + b
}

// The sum, after a millisecond, from another goroutine.
//
//export peer_sleep_and_add
func peer_sleep_and_add(a, b int32) int32 {
	sum := make(chan int32)
	go func() {
		time.Sleep(time.Millisecond)
		sum <- a + b
	}()
	return <-sum
}

// Calls this function on another goroutine, so on a thread of the runtime's.
//
//export peer_tell
func peer_tell(back C.peer_back) int32 {
	done := make(chan struct{})
	go func() {
		C.peer_call(back)
		close(done)
	}()
	<-done
	return 0
}

func main() {}
