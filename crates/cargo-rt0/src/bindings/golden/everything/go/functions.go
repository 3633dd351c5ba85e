// An example: größer, */ and /* and a \
//
// End.
//
// Written by cargo rt0 bindings from xample 1.2.3: a change here is lost when it is written again.
package xample

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

func Nothing() error {
	if err := load(); err != nil {
		return err
	}
	r := C.rt0_x_nothing()
	if r.code != 0 {
		return failure(r.code, r.err)
	}
	return nil
}

// How many.
//
// Gives `-1` when the library is not ready or the call panics.
func Size() int64 {
	must(load())
	r := C.rt0_x_size()
	return int64(r)
}

// Stops.
//
// Just returns when the library is not ready or the call panics.
func Stop(now bool) {
	must(load())
	C.rt0_x_stop(C.bool(now))
}

// Counts.
//
// Twice */.
func Count(word string) (uint64, error) {
	if err := load(); err != nil {
		return 0, err
	}
	r := C.rt0_x_count((*C.char)(unsafe.Pointer(unsafe.StringData(word))), C.size_t(len(word)))
	if r.code != 0 {
		return 0, failure(r.code, r.err)
	}
	return uint64(r.out), nil
}

func Keywords(class string, class_ int32, out int32, err_ int32, int32T int32, xHit Hit, linux int32, n int32) (int32, error) {
	if err := load(); err != nil {
		return 0, err
	}
	r := C.rt0_x_keywords((*C.char)(unsafe.Pointer(unsafe.StringData(class))), C.size_t(len(class)), C.int32_t(class_), C.int32_t(out), C.int32_t(err_), C.int32_t(int32T), *(*C.x_Hit)(unsafe.Pointer(&xHit)), C.int32_t(linux), C.int32_t(n))
	if r.code != 0 {
		return 0, failure(r.code, r.err)
	}
	return int32(r.out), nil
}

func Buffers(from []Hit, into []uint8, own []uint, maybe *string, signed int) ([]uint8, error) {
	if err := load(); err != nil {
		return nil, err
	}
	maybeAt, maybeLen := optionalText(maybe)
	r := C.rt0_x_buffers((*C.x_Hit)(unsafe.Pointer(unsafe.SliceData(from))), C.size_t(len(from)), (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(into))), C.size_t(len(into)), (*C.size_t)(unsafe.Pointer(unsafe.SliceData(own))), C.size_t(len(own)), maybeAt, maybeLen, C.ptrdiff_t(signed))
	if r.code != 0 {
		return nil, failure(r.code, r.err)
	}
	return takeSlice[uint8](unsafe.Pointer(r.out), r.len), nil
}

func Text() (string, error) {
	if err := load(); err != nil {
		return "", err
	}
	r := C.rt0_x_text()
	if r.code != 0 {
		return "", failure(r.code, r.err)
	}
	return takeText(r.out, r.len), nil
}

func MaybeText() (*string, error) {
	if err := load(); err != nil {
		return nil, err
	}
	r := C.rt0_x_maybe_text()
	if r.code != 0 {
		return nil, failure(r.code, r.err)
	}
	if r.out == nil {
		return nil, nil
	}
	value := takeText(r.out, r.len)
	return &value, nil
}

func MaybeNumber() (*float64, error) {
	if err := load(); err != nil {
		return nil, err
	}
	r := C.rt0_x_maybe_number()
	if r.code != 0 {
		return nil, failure(r.code, r.err)
	}
	if !r.some {
		return nil, nil
	}
	value := float64(r.out)
	return &value, nil
}

func Open(at *Hit) (*Cursor, error) {
	if err := load(); err != nil {
		return nil, err
	}
	r := C.rt0_x_open((*C.x_Hit)(unsafe.Pointer(at)))
	if r.code != 0 {
		return nil, failure(r.code, r.err)
	}
	return ownCursor(r.out), nil
}

func Find(at *Hit) (*Cursor, error) {
	if err := load(); err != nil {
		return nil, err
	}
	r := C.rt0_x_find((*C.x_Hit)(unsafe.Pointer(at)))
	if r.code != 0 {
		return nil, failure(r.code, r.err)
	}
	if r.out == 0 {
		return nil, nil
	}
	return ownCursor(r.out), nil
}

// With Keep, the library may call back when this has returned.
func Each(each func(uint64) int32, lifetime ...Lifetime) error {
	if err := load(); err != nil {
		return err
	}
	eachEntry := enter(shape0(each), lifetime)
	defer eachEntry.leave()
	r := C.rt0_x_each(eachEntry.number())
	if r.code != 0 {
		return failure(r.code, r.err)
	}
	return nil
}

// With Keep, the library may call back when this has returned.
func Nested(call func(uintptr, uintptr) uintptr, lifetime ...Lifetime) (func(uint64, uintptr) int32, error) {
	if err := load(); err != nil {
		return nil, err
	}
	callEntry, callSlot, err := enterBare(shape1(call), lifetime, &slots1)
	if err != nil {
		return nil, err
	}
	defer callEntry.leave()
	r := C.rt0_x_nested(callEntry.number(), callSlot)
	if r.code != 0 {
		return nil, failure(r.code, r.err)
	}
	return invoke0(r.out), nil
}

func OwnNames(at []Hit, one []Hit, ms_ int32) error {
	if err := load(); err != nil {
		return err
	}
	r := C.rt0_x_own_names((*C.x_Hit)(unsafe.Pointer(unsafe.SliceData(at))), C.size_t(len(at)), (*C.x_Hit)(unsafe.Pointer(unsafe.SliceData(one))), C.size_t(len(one)), C.int32_t(ms_))
	if r.code != 0 {
		return failure(r.code, r.err)
	}
	return nil
}

// With Keep, the library may call back when this has returned.
func FindConst(each func(uint64) int32, lifetime ...Lifetime) (*int32, error) {
	if err := load(); err != nil {
		return nil, err
	}
	eachEntry := enter(shape0(each), lifetime)
	defer eachEntry.leave()
	r := C.rt0_x_find_const(eachEntry.number())
	if r.code != 0 {
		return nil, failure(r.code, r.err)
	}
	if !r.some {
		return nil, nil
	}
	value := int32(r.out)
	return &value, nil
}

// Gives `-1` when the library is not ready or the call panics.
func Choose(aLongNameOfAParameter string, anotherLongNameOfAParameter string) func(uint64, uintptr) int32 {
	must(load())
	r := C.rt0_x_choose((*C.char)(unsafe.Pointer(unsafe.StringData(aLongNameOfAParameter))), C.size_t(len(aLongNameOfAParameter)), (*C.char)(unsafe.Pointer(unsafe.StringData(anotherLongNameOfAParameter))), C.size_t(len(anotherLongNameOfAParameter)))
	return invoke0(r)
}

func (h *Cursor) Step() (Hit, error) {
	if err := load(); err != nil {
		return Hit{}, err
	}
	r := C.rt0_x_step(h.raw())
	runtime.KeepAlive(h)
	if r.code != 0 {
		return Hit{}, failure(r.code, r.err)
	}
	return *(*Hit)(unsafe.Pointer(&r.out)), nil
}

func (h *Cursor) Look(by Mode) (Mode, error) {
	if err := load(); err != nil {
		return 0, err
	}
	r := C.rt0_x_look(h.raw(), C.x_Mode(by))
	runtime.KeepAlive(h)
	if r.code != 0 {
		return 0, failure(r.code, r.err)
	}
	return Mode(r.out), nil
}

func (h *Cursor) Close_() error {
	if err := load(); err != nil {
		return err
	}
	r := C.rt0_x_close(h.raw())
	runtime.KeepAlive(h)
	if r.code != 0 {
		return failure(r.code, r.err)
	}
	return nil
}

// invoke0 is a function of the library's.
func invoke0(at C.uintptr_t) func(uint64, uintptr) int32 {
	if at == 0 {
		return nil
	}
	return func(a0 uint64, a1 uintptr) int32 {
		return int32(C.rt0go_invoke_0(at, C.uint64_t(a0), C.uintptr_t(a1)))
	}
}
