// Holds the generated bindings for Go against cases.json. calls.go is written by tests/bindings/go_calls.rs.
//
//	host CASES cases | threads | leak COUNT | async COUNT | handles | callbacks | contexts | shutdown | exit | late |
//	passedAgain | held_up | meanwhile COUNT
package main

/*
#include <malloc.h>

static size_t in_use(void) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
	return mallinfo2().uordblks;
#else
	return (size_t)mallinfo().uordblks;
#endif
}
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"conform"
)

// good gives a value that no error came with.
func good[T any](value T, err error) T {
	must(err == nil, "%v", err)
	return value
}

// until waits for an event that nothing tells of. Only a failing test waits so long.
func until(what string, is func() bool) {
	end := time.Now().Add(5 * time.Minute)
	for !is() {
		must(time.Now().Before(end), "still not: %s", what)
		time.Sleep(time.Millisecond)
	}
}

// live says how many handles there are.
func live() int64 { return good(conform.Live()) }

// noneLive waits until the collector has closed what was forgotten.
func noneLive() {
	until("all handles are closed", func() bool {
		runtime.GC()
		return live() == 0
	})
}

// panics gives what a function panics with.
func panics(function func()) (value any) {
	defer func() { value = recover() }()
	function()
	return nil
}

func buffers() {
	var none []byte
	must(good(conform.U8Last(none)) == nil && good(conform.U8Last([]byte{})) == nil, "an empty slice")
	many := make([]uint32, 1<<20)
	must(conform.U32Fill(many[1:], 7) == nil && many[1] == 0 && many[2] == 7 && many[1<<20-1] == 7, "a part of a slice")
	must(*good(conform.U8Last([]byte("ab"))) == 'b', "bytes")
	must(conform.ModeVeryFuzzy.String() == "VeryFuzzy" && conform.Mode(7).String() == "Mode(7)", "a name")
	must(good(conform.NumbersMaybe(nil)) == -1, "no slice")
	must(good(conform.TextMaybe(conform.Some(""))) == 0, "an empty text")
	point := conform.Point{I32: 3, Mode: conform.ModeNone, Inner: conform.Inner{Mode: conform.ModeExact}}
	must(conform.PointChange(&point) == nil && point.I32 == 6, "changed where it is")
	must(errors.Is(conform.PointChange(nil), conform.ErrInvalidArgument), "nil")
	// A text that UTF-8 does not have is an error that names the argument: half of a pair of UTF-16, and other bytes.
	for _, text := range []string{"\xed\xa0\x80", "ab\xff", "\xe2\x82"} {
		_, err := conform.TextSame(text)
		must(errors.Is(err, conform.ErrInvalidUTF8) && strings.Contains(err.Error(), "text is not valid UTF-8 from byte"), "%v", err)
		_, err = conform.TextLater(context.Background(), "", &text)
		must(errors.Is(err, conform.ErrInvalidUTF8) && strings.Contains(err.Error(), "other is not valid UTF-8"), "%v", err)
	}
}

func handles() {
	before := live()
	counter := good(conform.CounterOpen(1))
	must(live() == before+1, "open")
	must(counter.Close() == nil && counter.Close() == nil && live() == before, "closed")
	var none *conform.Counter
	_, err := none.Value()
	must(err != nil && none.Close() == nil, "nil")
	var empty conform.Counter
	_, err = empty.Value()
	must(errors.Is(err, conform.ErrInvalidHandle) && empty.Close() == nil, "%v", err)
	_, err = conform.ValueMaybe(&empty)
	must(errors.Is(err, conform.ErrInvalidHandle), "one that was not opened is not none: %v", err)
	for range 100 {
		good(conform.CounterOpen(2))
	}
	noneLive()
	// In use.
	counter = good(conform.CounterOpen(3))
	held := good(counter.Hold(func(value uint64) uint64 {
		must(errors.Is(counter.Close(), conform.ErrHandleBusy), "a handle in use was closed")
		return value
	}))
	must(held == 4 && good(counter.Value()) == 4, "it is gone")
	must(counter.Close() == nil && live() == before, "it can't be closed any more")
	counter = good(conform.CounterOpen(4))
	// Taken.
	must(good(counter.Finish()) == 4 && counter.Close() == nil, "it was not taken")
	// A call that was cancelled has let it go when it returns.
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		counter := good(conform.CounterOpen(1))
		done := make(chan error)
		go func() {
			_, err := counter.HoldLater(ctx)
			done <- err
		}()
		cancel()
		must(errors.Is(<-done, context.Canceled) && counter.Close() == nil, "it was not cancelled")
	}
	// Nobody has it but a call, which needs it.
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() {
			_, err := good(conform.CounterOpen(1)).HoldLater(ctx)
			done <- err
		}()
		runtime.GC()
		runtime.GC()
		cancel()
		must(errors.Is(<-done, context.Canceled), "it was closed")
	}
	noneLive()
}

func callbacks() {
	count := 0
	value := panics(func() {
		_, _ = conform.Each(10, func(uint32) uint64 {
			count++
			panic("mine")
		})
	})
	must(value == "mine" && count == 1, "%v, called %d times", value, count)
	value = panics(func() {
		_, _ = conform.OnWorker(1, func(uint32) uint32 {
			var none map[string]int
			none["a"] = 1
			return 1
		})
	})
	_, isRuntime := value.(runtime.Error)
	must(isRuntime, "%v", value)
	value = panics(func() {
		_, _ = conform.Both(func(uint32) uint32 { panic("one") }, func(uint32) uint32 { return 1 })
	})
	must(value == "one", "%v", value)
	// Inside each other, on one thread.
	nested := good(conform.Bare(func(one int32) int32 {
		return good(conform.Bare(func(two int32) int32 { return two + 1 }, one)) * 2
	}, 4))
	must(nested == 10, "%d", nested)
	value = panics(func() {
		_, _ = conform.Bare(func(one int32) int32 {
			return good(conform.Bare(func(int32) int32 { panic("inner") }, one))
		}, 4)
	})
	must(value == "inner", "%v", value)
	_, err := conform.Each(1, nil)
	must(errors.Is(err, conform.ErrInvalidArgument), "%v", err)
	var wait sync.WaitGroup
	for one := range uint32(64) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 50 {
				must(good(conform.OnWorker(one, func(got uint32) uint32 { return got + one })) == 2*one, "another's")
				must(good(conform.Bare(func(got int32) int32 { return got + int32(one) }, 1)) == int32(one)+1, "another's")
			}
		}()
	}
	wait.Wait()
	// Kept: a panic has no call that waits for it, and ends nothing.
	heard := make(chan any, 1)
	conform.SetUncaught(func(value any) {
		select {
		case heard <- value:
		default:
		}
	})
	must(good(conform.Each(1, func(uint32) uint64 { panic("kept") }, conform.Keep)) == 0, "a kept function's panic is its call's")
	must(<-heard == "kept", "it was not heard")
	conform.SetUncaught(func(any) { panic("again") })
	must(good(conform.Each(1, func(uint32) uint64 { panic("kept") }, conform.Keep)) == 0, "the handler panics")
	conform.SetUncaught(nil)
	// Without an address there is room for 16.
	for one := range int32(16) {
		must(good(conform.Bare(func(got int32) int32 { return got * one }, 3, conform.Keep)) == 3*one, "kept")
	}
	_, err = conform.Bare(func(int32) int32 { return 0 }, 3, conform.Keep)
	must(errors.Is(err, conform.ErrBusy) && strings.Contains(err.Error(), "16 functions"), "%v", err)
	must(conform.Shutdown(conform.Forever) == nil, "shutdown")
	must(good(conform.Bare(func(int32) int32 { return 5 }, 3, conform.Keep)) == 5, "there is room again")
}

func late() {
	heard := make(chan any, 1)
	conform.SetUncaught(func(value any) {
		select {
		case heard <- value:
		default:
		}
	})
	must(conform.KeepCalling(func(uint64) {}) == nil, "keep calling")
	said := fmt.Sprint(<-heard)
	must(strings.Contains(said, "pass Keep"), "%s", said)
	must(conform.Shutdown(conform.Forever) == nil && good(conform.U8Same(1)) == 1, "it has not started again")
}

// passedAgain: a kept function that another goroutine passes again when the library has stopped. The shutdown does not
// forget it, though it has not returned yet.
func passedAgain() {
	var calls atomic.Int64
	var late atomic.Pointer[string]
	conform.SetUncaught(func(value any) {
		said := fmt.Sprint(value)
		late.Store(&said)
	})
	kept := func(uint64) { calls.Add(1) }
	must(conform.KeepCalling(kept, conform.Keep) == nil, "keep calling")
	passed := make(chan error)
	go func() {
		for good(conform.CurrentState()) != conform.StateCold {
		}
		passed <- conform.KeepCalling(func(number uint64) { kept(number) }, conform.Keep)
	}()
	must(conform.Shutdown(conform.Forever) == nil, "shutdown")
	must(<-passed == nil, "keep calling again")
	before := calls.Load()
	for calls.Load() < before+10 && late.Load() == nil {
		runtime.Gosched()
	}
	if said := late.Load(); said != nil {
		must(false, "%s", *said)
	}
}

// large is so large that nothing of it can be forgotten unnoticed.
func large() {
	text := strings.Repeat("x", 20_000)
	must(good(conform.TextOwn(text)) == text, "a large text")
	must(len(good(conform.U8Many(1, 20_000))) == 20_000, "many bytes")
	must(len(good(conform.InnerMany(conform.Inner{Number: 1, Mode: conform.ModeExact}, 2_500))) == 2_500, "many structs")
	_, err := conform.FailPlainly(text)
	must(err.Error() == text, "a large error")
}

func leak(cases []Step, count int) {
	var quick []Step
	for _, one := range cases {
		if isQuick(one) {
			quick = append(quick, one)
		}
	}
	calls := func(count int) {
		for done := 0; done < count; {
			done += every(quick, "waits")
			for range 15 {
				large()
			}
		}
	}
	inUse := func() (int64, int64) {
		// Twice: what a cleanup has let go is collected by the next.
		noneLive()
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(C.in_use()), int64(stats.HeapAlloc)
	}
	calls(min(count/4, 50_000))
	c, own := inUse()
	calls(count)
	cAfter, ownAfter := inUse()
	must(cAfter < c+256<<10, "C: %d bytes have become %d", c, cAfter)
	must(ownAfter < own+256<<10, "Go: %d bytes have become %d", own, ownAfter)
}

// one is a call of the storm.
func one(ctx context.Context, number uint32) error {
	switch number % 6 {
	case 0:
		must(good(conform.TextLater(ctx, strconv.Itoa(int(number)), conform.Some("x"))) == fmt.Sprintf("%d[x]", number), "text")
	case 1:
		counter := good(conform.CounterOpenLater(ctx, uint64(number)))
		must(good(counter.AddLater(ctx, 1)) == uint64(number)+1 && counter.Close() == nil, "counter")
	case 2:
		must(errors.Is(conform.FailLater(ctx, 3), conform.ErrTaken), "it did not fail")
	case 3:
		given := good(conform.U32Backwards(ctx, []uint32{1, number}))
		must(given[0] == number && given[1] == 1, "backwards")
	case 4:
		_, err := conform.Never(ctx)
		return err
	case 5:
		// Told of it, it gives its number; before that, nothing.
		given, err := conform.Told(ctx, number)
		must(err != nil || given == number, "told")
		return err
	}
	return nil
}

// storm makes so many async calls at once, more than the queue takes, of which a third are cancelled.
func storm(count uint32) {
	var right, cancelled atomic.Uint32
	var wait sync.WaitGroup
	var stops []context.CancelFunc
	for number := range count {
		ctx, cancel := context.WithCancel(context.Background())
		if number%6 >= 4 {
			stops = append(stops, cancel)
		} else {
			defer cancel()
		}
		if number%12 == 4 {
			// Some before they begin; the others while they wait for their turn, or under way.
			cancel()
		}
		wait.Add(1)
		go func() {
			defer wait.Done()
			err := one(ctx, number)
			if err == nil {
				right.Add(1)
				return
			}
			must(number%6 >= 4 && errors.Is(err, conform.ErrCancelled) && errors.Is(err, context.Canceled), "%v", err)
			cancelled.Add(1)
		}()
		if len(stops) > 0 && number%24 == 0 {
			stops[0]()
			stops = stops[1:]
		}
	}
	for _, cancel := range stops {
		runtime.Gosched()
		cancel()
	}
	wait.Wait()
	// A sixth is never done, and some of the sixth that is told of its end were cancelled before they began.
	must(right.Load()+cancelled.Load() == count && cancelled.Load() >= count/6, "%d right, %d cancelled of %d", right.Load(), cancelled.Load(), count)
	noneLive()
}

// idle waits until no goroutine is there that this program has not made.
func idle(before int) {
	until("no goroutine waits for async calls", func() bool { return runtime.NumGoroutine() <= before })
}

// ended is a context that says why it has ended, but not when it will.
type ended struct {
	context.Context
	done chan struct{}
}

func (e ended) Deadline() (time.Time, bool) { return time.Time{}, false }
func (e ended) Done() <-chan struct{}       { return e.done }
func (e ended) Err() error {
	select {
	case <-e.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func contexts() {
	late := ended{context.Background(), make(chan struct{})}
	time.AfterFunc(20*time.Millisecond, func() { close(late.done) })
	_, err := conform.Never(late)
	must(errors.Is(err, context.DeadlineExceeded), "a context without a deadline: %v", err)
	before := runtime.NumGoroutine()
	done, stop := context.WithCancel(context.Background())
	stop()
	_, err = conform.U8Later(done, 1)
	must(errors.Is(err, context.Canceled) && errors.Is(err, conform.ErrCancelled), "%v", err)
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	ended := make(chan error)
	go func() {
		_, err := conform.Never(ctx)
		ended <- err
	}()
	cancel(why)
	err = <-ended
	must(errors.Is(err, why) && errors.Is(err, context.Canceled) && strings.Contains(err.Error(), "enough"), "%v", err)
	ctx, stop = context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	_, err = conform.Never(ctx)
	must(errors.Is(err, context.DeadlineExceeded) && errors.Is(err, conform.ErrTimedOut), "%v", err)
	// The library's own limit is not the context's.
	_, err = conform.GivenUp(context.Background())
	must(errors.Is(err, conform.ErrTimedOut) && !errors.Is(err, context.DeadlineExceeded), "%v", err)
	for one := range uint8(20) {
		must(good(conform.U8Later(context.Background(), one)) == one, "later")
	}
	idle(before)
}

func shutdown() {
	before := runtime.NumGoroutine()
	ended := make(chan error)
	ctx := context.Background()
	for range 3 {
		counter := good(conform.CounterOpen(1))
		go func() {
			_, err := counter.HoldLater(ctx)
			ended <- err
		}()
		// Under way: the handle is in use.
		until("it is held", func() bool {
			_, err := counter.Value()
			return errors.Is(err, conform.ErrHandleBusy)
		})
		must(conform.Shutdown(conform.Forever) == nil, "shutdown")
		err := <-ended
		must(errors.Is(err, conform.ErrStopped), "%v", err)
		must(counter.Close() == nil, "it went with the library")
		// It starts again, with another queue. The first call has not heard of the end yet.
		must(good(conform.U8Later(ctx, 3)) == 3, "it has not started again")
		must(conform.Shutdown(conform.Forever) == nil, "shutdown")
		must(good(conform.U8Later(ctx, 4)) == 4, "idle, and started again")
	}
	must(conform.Wait(conform.Forever) == nil && good(conform.CurrentState()) == conform.StateReady, "ready")
	must(conform.Start() == nil && strings.HasPrefix(good(conform.Report()), "{"), "a report")
	idle(before)
}

// wasUnderWay is whether an error is what the library says of an op that had begun before a shutdown, and waited or ran.
func wasUnderWay(err error) bool {
	return errors.Is(err, conform.ErrStopped) && (strings.Contains(err.Error(), "before the operation was done") ||
		strings.HasPrefix(err.Error(), "conform: the library is shutting down"))
}

// meanwhile makes calls while the library is shut down again and again. What a call may hear of that is that it was under
// way then; what the package does by itself is nobody else's duty.
func meanwhile(count int) {
	var over atomic.Bool
	var wait sync.WaitGroup
	for number := range 12 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for !over.Load() {
				if number%2 == 1 {
					// Under way at each shutdown.
					_, err := conform.Told(context.Background(), 7)
					must(err == nil || wasUnderWay(err), "%v", err)
					continue
				}
				given, err := conform.I32Later(context.Background(), 7)
				if err == nil {
					must(given == 7, "%d", given)
					continue
				}
				must(wasUnderWay(err), "%v", err)
			}
		}()
	}
	for range count {
		must(conform.Shutdown(conform.Forever) == nil, "shutdown")
	}
	over.Store(true)
	done := make(chan struct{})
	go func() { wait.Wait(); close(done) }()
	for ended := false; !ended; {
		// One may just have begun.
		must(conform.Shutdown(conform.Forever) == nil, "shutdown")
		select {
		case <-done:
			ended = true
		default:
		}
	}
	// A handle that is closed is no reason for another queue.
	counter := good(conform.CounterOpen(1))
	must(counter.Close() == nil, "closed")
	before := runtime.NumGoroutine()
	for range 20 {
		_, err := counter.AddLater(context.Background(), 1)
		must(errors.Is(err, conform.ErrInvalidHandle), "%v", err)
	}
	idle(before)
}

// heldUp: while a function of the host's holds a shutdown up, a call gets the shutdown's answer, and makes nothing anew.
func heldUp() {
	ctx := context.Background()
	must(good(conform.I32Later(ctx, 7)) == 7, "before")
	var once sync.Once
	called, letGo := make(chan struct{}), make(chan struct{})
	stays := func(uint64) {
		once.Do(func() { close(called) })
		<-letGo
	}
	must(conform.KeepCalling(stays, conform.Keep) == nil, "keep calling")
	<-called
	ends := make(chan error)
	go func() { ends <- conform.Shutdown(conform.Forever) }()
	until("a shutdown", func() bool { return good(conform.CurrentState()) == conform.StateStopping })
	for range 20 {
		_, err := conform.I32Later(ctx, 7)
		must(errors.Is(err, conform.ErrStopped), "%v", err)
		must(strings.Contains(err.Error(), "conform: the library is shutting down"), "%v", err)
	}
	close(letGo)
	must(<-ends == nil, "the shutdown")
	must(good(conform.I32Later(ctx, 7)) == 7, "afterwards")
}

// exits: the library's threads call back, and calls are under way, while the program ends.
func exits() {
	go func() { _, _ = conform.Never(context.Background()) }()
	var once sync.Once
	called := make(chan struct{})
	must(conform.KeepCalling(func(uint64) { once.Do(func() { close(called) }) }, conform.Keep) == nil, "keep calling")
	<-called
	os.Exit(7)
}

func main() {
	cases := read(os.Args[1])
	var usual []Step
	for _, one := range cases {
		if !one.Last {
			usual = append(usual, one)
		}
	}
	count := 0
	if len(os.Args) > 3 {
		count = good(strconv.Atoi(os.Args[3]))
	}
	switch os.Args[2] {
	case "cases":
		fmt.Println(every(usual, "waits")+every(usual, "cancels"), "calls")
		buffers()
	case "threads":
		var wait sync.WaitGroup
		for range 8 {
			wait.Add(1)
			go func() {
				defer wait.Done()
				runtime.LockOSThread()
				every(usual, "waits")
			}()
		}
		wait.Wait()
	case "leak":
		leak(usual, count)
	case "async":
		storm(uint32(count))
	case "handles":
		handles()
	case "callbacks":
		callbacks()
	case "contexts":
		contexts()
	case "shutdown":
		shutdown()
	case "held_up":
		heldUp()
	case "meanwhile":
		meanwhile(count)
	case "exit":
		exits()
	case "passedAgain":
		passedAgain()
	case "late":
		late()
	default:
		panic("what to do?")
	}
	fmt.Println("right")
}
