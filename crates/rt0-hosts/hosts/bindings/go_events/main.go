// A host that hears of the library's events, through the generated bindings. The library is a part of the program.
package main

import (
	"errors"
	"fmt"
	"sync"

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
	err := herald.Events(9, func(herald.Event) {})
	if errors.Is(err, herald.ErrInvalidArgument) {
		fmt.Println("right")
	}
}

func everyLevel() {
	if err := herald.EveryLevel(); err != nil {
		panic(err)
	}
}
