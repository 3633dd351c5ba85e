// What a call through the generated bindings costs, against the same call by cgo and the C header, written by hand with
// the same check of the error. From the root of the repository:
//
//	cargo rt0 build --release -p conform --out build
//	cargo rt0 bindings build/libconform.so --lang go --out build
//	export CGO_CFLAGS="-O2 -I$PWD/build" CGO_LDFLAGS="-L$PWD/build -lconform -Wl,-rpath,$PWD/build"
//	cd bench/bindings/go && CONFORM_LIBRARY=../../../build/libconform.so go run .
//
// Both are measured in turns, in one process, in short rounds; the figure is that of the fastest twentieth of the rounds,
// in which nothing else has run.
package main

// #include "conform.h"
import "C"

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"
	"unsafe"

	"conform"
)

const (
	rounds = 400
	calls  = 500
	text   = "a text of some words"
)

var large = make([]byte, 1_000_000)

// By hand.

type failed struct {
	code int32
	text string
}

func (f *failed) Error() string { return f.text }

func check(code C.int32_t, err *C.char) error {
	if code == 0 {
		return nil
	}
	defer C.conform_free(unsafe.Pointer(err))
	return &failed{int32(code), C.GoString(err)}
}

func handAdd(one, other int32) (int64, error) {
	var out C.int64_t
	var err *C.char
	code := C.conform_add(C.int32_t(one), C.int32_t(other), &out, &err)
	return int64(out), check(code, err)
}

func handU64(value uint64) (uint64, error) {
	var out C.uint64_t
	var err *C.char
	code := C.conform_u64_same(C.uint64_t(value), &out, &err)
	return uint64(out), check(code, err)
}

func handF64(value float64) (float64, error) {
	var out C.double
	var err *C.char
	code := C.conform_f64_same(C.double(value), &out, &err)
	return float64(out), check(code, err)
}

func handTextIn(text string) (int64, error) {
	var out C.int64_t
	var err *C.char
	at := (*C.char)(unsafe.Pointer(unsafe.StringData(text)))
	code := C.conform_text_maybe(at, C.size_t(len(text)), &out, &err)
	return int64(out), check(code, err)
}

func handText(text string) (string, error) {
	var out, err *C.char
	var length C.size_t
	at := (*C.char)(unsafe.Pointer(unsafe.StringData(text)))
	code := C.conform_text_own(at, C.size_t(len(text)), &out, &length, &err)
	if err := check(code, err); err != nil {
		return "", err
	}
	defer C.conform_free(unsafe.Pointer(out))
	return C.GoStringN(out, C.int(length)), nil
}

func handBytes(bytes []byte) (byte, error) {
	var out C.uint8_t
	var some C.bool
	var err *C.char
	at := (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(bytes)))
	code := C.conform_u8_last(at, C.size_t(len(bytes)), &out, &some, &err)
	return byte(out), check(code, err)
}

// handLater waits in C, and so on a thread.
func handLater(value uint32) (uint32, error) {
	var out C.uint32_t
	var err *C.char
	code := C.conform_u32_later(C.uint32_t(value), &out, &err)
	return uint32(out), check(code, err)
}

func good[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func timed(call func(), calls int) float64 {
	begun := time.Now()
	for range calls {
		call()
	}
	return float64(time.Since(begun).Nanoseconds()) / float64(calls)
}

func fastest(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/20]
}

var missed = false

func row[T comparable](name string, target float64, hand, bindings func() T, calls int) {
	if hand() != bindings() {
		panic(name)
	}
	var byHand, byBindings []float64
	for range rounds {
		byHand = append(byHand, timed(func() { hand() }, calls))
		byBindings = append(byBindings, timed(func() { bindings() }, calls))
	}
	ratio := fastest(byBindings) / fastest(byHand)
	fmt.Printf("%-26s%9.1f ns%9.1f ns%7.2f", name, fastest(byHand), fastest(byBindings), ratio)
	if target == 0 {
		fmt.Println("       -")
		return
	}
	fmt.Printf("%8.1f\n", target)
	missed = missed || ratio > target
}

func main() {
	ctx := context.Background()
	fmt.Printf("%-26s%12s%12s%7s%8s\n", "", "by hand", "bindings", "ratio", "target")
	row("two numbers", 1.3, func() int64 { return good(handAdd(2, 3)) }, func() int64 { return good(conform.Add(2, 3)) }, calls)
	row("a u64", 1.3, func() uint64 { return good(handU64(5)) }, func() uint64 { return good(conform.U64Same(5)) }, calls)
	row("an f64", 1.3, func() float64 { return good(handF64(0.5)) }, func() float64 { return good(conform.F64Same(0.5)) }, calls)
	same := text
	row("a text in", 1.5, func() int64 { return good(handTextIn(text)) }, func() int64 { return good(conform.TextMaybe(&same)) }, calls)
	row("a text in and one out", 1.5, func() string { return good(handText(text)) }, func() string { return good(conform.TextOwn(text)) }, calls)
	row("1 MB of bytes in", 1.5, func() byte { return good(handBytes(large)) }, func() byte { return *good(conform.U8Last(large)) }, calls)
	row("an async call, waited for", 0, func() uint32 { return good(handLater(3)) }, func() uint32 { return good(conform.U32Later(ctx, 3)) }, 20)
	back := func(number uint32) uint64 { return uint64(number) }
	none := func() uint64 { return 45 }
	row("ten calls back, or none", 0, none, func() uint64 { return good(conform.Each(10, back)) }, 50)
	if missed {
		fmt.Println("a target is missed")
		os.Exit(1)
	}
}
