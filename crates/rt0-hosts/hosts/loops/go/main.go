// Go, with cgo: a goroutine for each fetch, and no thread waits for any of them.
package main

/*
#include "shop.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

// An Error is what a call answers.
type Error struct {
	Code int32
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Text) }

// textOf returns the text behind an owned pointer, which is freed.
func textOf(owned *C.char) string {
	defer C.shop_free(unsafe.Pointer(owned))
	return C.GoString(owned)
}

func check(code C.int32_t, err *C.char) error {
	if code == C.SHOP_OK {
		return nil
	}
	return &Error{int32(code), textOf(err)}
}

// docs: go

// A Shop is the library, watched by Go's own poller.
type Shop struct {
	queue   *C.shop_Queue
	file    *os.File
	ended   chan struct{}
	mutex   sync.Mutex
	waiting map[uint64]chan struct{}
	tag     uint64
}

func open() (*Shop, error) {
	shop := &Shop{ended: make(chan struct{}), waiting: map[uint64]chan struct{}{}}
	var err *C.char
	var fd C.intptr_t
	if failed := check(C.shop_queue_new(1000, &shop.queue, &err), err); failed != nil {
		return nil, failed
	}
	if failed := check(C.shop_queue_fd(shop.queue, &fd, &err), err); failed != nil {
		return nil, failed
	}
	shop.file = os.NewFile(uintptr(fd), "shop")
	return shop, nil
}

// watch ends when the library is shut down. A read parks the goroutine and not a thread.
func (shop *Shop) watch() {
	defer close(shop.ended)
	bytes := make([]byte, 64)
	var tags [64]C.uint64_t
	var count C.size_t
	for {
		_, failed := shop.file.Read(bytes)
		for C.shop_queue_take(shop.queue, &tags[0], 64, &count, 0) == C.SHOP_OK {
			shop.mutex.Lock()
			for _, tag := range tags[:count] {
				close(shop.waiting[uint64(tag)])
				delete(shop.waiting, uint64(tag))
			}
			shop.mutex.Unlock()
		}
		if failed != nil {
			shop.file.Close()
			C.shop_queue_free(shop.queue)
			return
		}
	}
}

func (shop *Shop) fetch(ctx context.Context, item string) (string, error) {
	var op *C.shop_Op
	var out, err *C.char
	done := make(chan struct{})
	shop.mutex.Lock()
	shop.tag++
	tag := shop.tag
	shop.waiting[tag] = done
	shop.mutex.Unlock()
	text := (*C.char)(unsafe.Pointer(unsafe.StringData(item)))
	code := C.shop_fetch_begin(text, C.size_t(len(item)), -1, shop.queue, C.uint64_t(tag), &op, &err)
	if failed := check(code, err); failed != nil {
		shop.mutex.Lock()
		delete(shop.waiting, tag)
		shop.mutex.Unlock()
		return "", failed
	}
	select {
	case <-done:
	case <-ctx.Done():
		C.shop_op_cancel(op)
		<-done
	}
	if failed := check(C.shop_fetch_end(op, &out, nil, &err), err); failed != nil {
		return "", failed
	}
	return textOf(out), nil
}

// docs: end

func main() {
	shop, err := open()
	if err != nil {
		panic(err)
	}
	// A file that Go's poller can't watch has no deadlines.
	fmt.Println("deadline =", shop.file.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
	_, err = shop.file.Read(make([]byte, 1))
	fmt.Println("read =", errors.Is(err, os.ErrDeadlineExceeded))
	shop.file.SetReadDeadline(time.Time{})
	go shop.watch()

	right := make(chan bool)
	for i := 0; i < 100; i++ {
		go func(item string) {
			text, err := shop.fetch(context.Background(), item)
			right <- err == nil && text == item+", fetched"
		}(fmt.Sprintf("item %d", i))
	}
	fetched := 0
	for i := 0; i < 100; i++ {
		if <-right {
			fetched++
		}
	}
	fmt.Println("fetched =", fetched)
	_, err = shop.fetch(context.Background(), "unicorn")
	fmt.Println("refused =", err)

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	_, err = shop.fetch(ctx, "moon")
	cancel()
	fmt.Println("cancelled =", err)
	for C.shop_open() != 0 {
		runtime.Gosched()
	}
	fmt.Println("open = 0")

	stopped := make(chan error)
	go func() {
		_, err := shop.fetch(context.Background(), "moon")
		stopped <- err
	}()
	for C.shop_open() == 0 {
		runtime.Gosched()
	}
	fmt.Println("shutdown =", C.shop_shutdown(-1))
	fmt.Println("stopped =", <-stopped)
	<-shop.ended
	fmt.Println("reads as ended = 1")
}
