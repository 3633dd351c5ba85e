// Async calls. Written by cargo rt0 bindings.
//
// There is one queue. While calls are under way, a goroutine takes their tags from it; else there is none. A call is in
// the queue's list from its begin to its tag, and returns then and not earlier: nothing of it is left behind.

package xample

// #include "bridge.h"
import "C"

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// limit is how many async calls may be under way. More of them wait for their turn.
const limit = 16384

type begun = C.struct_rt0go_begun

type opQueue struct {
	raw C.uintptr_t
	// Whether a call has begun on it.
	used atomic.Bool
	// A place for each call that may be under way.
	room chan struct{}
	// Closed when no tag comes any more.
	ended chan struct{}

	mutex sync.Mutex
	calls map[uint64]chan struct{}
	tag   uint64
	// Calls that have begun and whose tags were not taken. For a moment less than nothing: a tag can be taken before
	// its call is counted.
	underWay int
	watched  bool
	// Whether calls begin on another queue: the library was shut down.
	retired bool
	closed  bool
}

var (
	queueLock sync.Mutex
	queueNow  *opQueue
)

// currentQueue gives the queue, a new one after the one before has ended or is about to.
func currentQueue() (*opQueue, error) {
	queueLock.Lock()
	defer queueLock.Unlock()
	if queueNow != nil && !queueNow.isOver() {
		return queueNow, nil
	}
	r := C.rt0go_queue_new(limit)
	if r.code != 0 {
		return nil, failure(r.code, r.err)
	}
	queueNow = &opQueue{
		raw:   r.op,
		room:  make(chan struct{}, limit),
		ended: make(chan struct{}),
		calls: make(map[uint64]chan struct{}),
	}
	return queueNow, nil
}

// interrupted is the error of a call whose context has ended.
func interrupted(ctx context.Context, why error, text string) error {
	code := ErrCancelled
	if errors.Is(why, context.DeadlineExceeded) {
		code = ErrTimedOut
	}
	causes := []error{why}
	if cause := context.Cause(ctx); cause != nil && cause != why {
		causes = append(causes, cause)
		why = cause
	}
	return &Error{Code: code, Text: text + ": " + why.Error(), causes: causes}
}

// ended is the error of a call that has begun. If it was its context that has ended it, errors.Is says so.
func ended(ctx context.Context, code C.int32_t, text *C.char) error {
	err := failure(code, text)
	why := ctx.Err()
	if deadline, ok := ctx.Deadline(); ok && why == nil && !time.Now().Before(deadline) {
		// It will say so in a moment.
		why = context.DeadlineExceeded
	}
	if why != nil && (Code(code) == ErrCancelled || Code(code) == ErrTimedOut) {
		return interrupted(ctx, why, err.Error())
	}
	return err
}

// timeout is the time until the context's deadline, as the library takes it; -1, for the library's own limit, if that
// comes first.
func timeout(ctx context.Context, own time.Duration) C.int32_t {
	deadline, ok := ctx.Deadline()
	if !ok {
		return -1
	}
	left := max(time.Until(deadline), time.Millisecond)
	if own >= 0 && own < left {
		return -1
	}
	return milliseconds(left)
}

// run begins an op, and waits until it is done. When ctx is, it is cancelled; at a deadline the library ends it itself.
// own is the library's limit.
func run(ctx context.Context, what string, own time.Duration, begin func(ms C.int32_t, queue C.uintptr_t, tag C.uint64_t) begun) (C.uintptr_t, error) {
	for {
		if why := ctx.Err(); why != nil {
			return 0, interrupted(ctx, why, what)
		}
		q, err := currentQueue()
		if err != nil {
			return 0, err
		}
		select {
		case q.room <- struct{}{}:
		case <-q.ended:
			continue
		case <-ctx.Done():
			return 0, interrupted(ctx, ctx.Err(), what)
		}
		tag, done := q.add()
		r := begin(timeout(ctx, own), q.raw, C.uint64_t(tag))
		if r.code != 0 {
			q.forget(tag)
			err := failure(r.code, r.err)
			if Code(r.code) == ErrStopped && !q.used.Load() {
				// Another queue would be of no more use. What this one says may be of an earlier shutdown.
				if closed := status(C.rt0go_wait(0)); errors.Is(closed, ErrStopped) {
					return 0, closed
				}
			}
			if Code(r.code) == ErrStopped && canStart() {
				// The library was shut down after the queue was found. Tags of calls that were under way then may be
				// still to come.
				q.retire()
			}
			if q.isOver() {
				continue
			}
			return 0, err
		}
		q.used.Store(true)
		q.begun()
		return r.op, q.wait(ctx, r.op, done)
	}
}

// canStart is whether the library starts again. One that can't has ended for good.
func canStart() bool { return Start() == nil }

func (q *opQueue) wait(ctx context.Context, op C.uintptr_t, done chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-q.ended:
	case <-ctx.Done():
		// At a deadline that the op was given it ends by itself.
		if _, given := ctx.Deadline(); !given || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			C.rt0go_op_cancel(op)
		}
	}
	select {
	case <-done:
		return nil
	case <-q.ended:
	}
	select {
	case <-done:
		return nil
	default:
	}
	return &Error{Code: ErrStopped, Text: ErrStopped.Error()}
}

// isOver is whether calls must begin on another queue.
func (q *opQueue) isOver() bool {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return q.retired || q.closed
}

// retire has calls begin on another queue. This one is watched until its last tag has come.
func (q *opQueue) retire() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.retired = true
	if !q.watched && !q.closed {
		q.watched = true
		go q.watch()
	}
}

func (q *opQueue) add() (uint64, chan struct{}) {
	done := make(chan struct{})
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.tag++
	q.calls[q.tag] = done
	return q.tag, done
}

func (q *opQueue) forget(tag uint64) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	delete(q.calls, tag)
	<-q.room
}

// begun counts a call that has begun. The first has the queue watched.
func (q *opQueue) begun() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.underWay++
	if q.underWay > 0 && !q.watched && !q.closed {
		q.watched = true
		go q.watch()
	}
}

// watch takes tags until no call is under way, of a retired queue until it has ended.
func (q *opQueue) watch() {
	for !q.take(-1) {
		q.mutex.Lock()
		if q.underWay <= 0 && !q.retired {
			q.watched = false
			q.mutex.Unlock()
			return
		}
		q.mutex.Unlock()
	}
}

// take takes tags once. True: no more will come.
func (q *opQueue) take(ms C.int32_t) bool {
	taken := C.rt0go_queue_take(q.raw, ms)
	switch Code(taken.code) {
	case 0:
		q.done(taken.tags[:taken.count])
		return false
	case ErrTimedOut:
		return false
	}
	q.close()
	return true
}

func (q *opQueue) done(tags []C.uint64_t) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.underWay -= len(tags)
	for _, tag := range tags {
		close(q.calls[uint64(tag)])
		delete(q.calls, uint64(tag))
		<-q.room
	}
}

// close is called when the library was shut down: all tags have been taken.
func (q *opQueue) close() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if !q.closed {
		q.closed = true
		close(q.ended)
		C.rt0go_queue_free(q.raw)
	}
}
