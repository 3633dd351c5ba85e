// A host that hears of the library's events, through the generated bindings. The library is a part of the program.
package main

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"herald"
)

func main() {
	if err := herald.Load(); err != nil {
		fmt.Println(err)
		return
	}
	var lock sync.Mutex
	var heard []herald.Event
	all := func(level int, handler func(herald.Event)) {
		if err := herald.Events(level, handler); err != nil {
			panic(err)
		}
	}
	all(3, func(event herald.Event) {
		lock.Lock()
		defer lock.Unlock()
		heard = append(heard, event)
	})
	everyLevel()
	// When this returns, the former handler has been told everything.
	panics := make(chan any, 100)
	herald.SetUncaught(func(value any) { panics <- value })
	all(3, func(herald.Event) { panic("mine") })
	known := len(heard)
	everyLevel()
	all(0, nil)
	everyLevel()
	if len(heard) != known || <-panics != "mine" {
		panic(fmt.Sprint(heard))
	}
	warned := false
	for _, event := range heard {
		warned = warned || event == herald.Event{Level: 2, Target: "elsewhere", Text: "a warning", Spans: "outer:inner"}
		if event.Level > 3 {
			panic(event)
		}
	}
	if !warned {
		panic(fmt.Sprint(heard))
	}
	for range 3 {
		asksInside(all)
	}
	err := herald.Events(9, func(herald.Event) {})
	if errors.Is(err, herald.ErrInvalidArgument) {
		fmt.Println("right")
	}
}

// asksInside: a handler that asks for another would wait for itself, also while another goroutine waits for it.
func asksInside(all func(int, func(herald.Event))) {
	inside := make(chan struct{}, 100)
	refused := make(chan error, 100)
	all(1, func(herald.Event) {
		inside <- struct{}{}
		// If it had to wait for the other, it would do so now.
		time.Sleep(20 * time.Millisecond)
		refused <- herald.Events(0, nil)
	})
	everyLevel()
	<-inside
	all(0, nil)
	if err := <-refused; !errors.Is(err, herald.ErrWouldDeadlock) {
		panic(err)
	}
}

func everyLevel() {
	if err := herald.EveryLevel(); err != nil {
		panic(err)
	}
}
