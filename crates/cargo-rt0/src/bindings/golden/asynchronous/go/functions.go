// xample
//
// Written by cargo rt0 bindings from xample 1.2.3: a change here is lost when it is written again.
package xample

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"time"
	"unsafe"
)

// How many.
//
// Gives `-1` when the library is not ready or the call panics.
func Size() int64 {
	must(load())
	r := C.rt0_x_size()
	return int64(r)
}

// It is cancelled when ctx is done.
func Rest(ctx context.Context) error {
	if err := load(); err != nil {
		return err
	}
	op, err := run(ctx, "x_rest", Forever, func(ms C.int32_t, queue C.uintptr_t, tag C.uint64_t) begun {
		return C.rt0_x_rest_begin(ms, queue, tag)
	})
	if err != nil {
		return err
	}
	r := C.rt0_x_rest_end(op)
	if r.code != 0 {
		return ended(ctx, r.code, r.err)
	}
	return nil
}

// Fetches a page.
//
// It is cancelled when ctx is done, and given up after 5000 ms.
func Fetch(ctx context.Context, url string, queue_ int32, ms_ int32, at *Cursor, last *Cursor) (*string, error) {
	if err := load(); err != nil {
		return nil, err
	}
	op, err := run(ctx, "x_fetch", 5000*time.Millisecond, func(ms C.int32_t, queue C.uintptr_t, tag C.uint64_t) begun {
		return C.rt0_x_fetch_begin((*C.char)(unsafe.Pointer(unsafe.StringData(url))), C.size_t(len(url)), C.int32_t(queue_), C.int32_t(ms_), at.raw(), last.raw(), ms, queue, tag)
	})
	runtime.KeepAlive(at)
	runtime.KeepAlive(last)
	if err != nil {
		return nil, err
	}
	r := C.rt0_x_fetch_end(op)
	if r.code != 0 {
		return nil, ended(ctx, r.code, r.err)
	}
	if r.out == nil {
		return nil, nil
	}
	value := takeText(r.out, r.len)
	return &value, nil
}
