//! The allocator of a module: blocks of powers of two, each size with a list of what was given back.
//!
//! It starts right behind the module's data, so that a small direction lives in its first page of memory and the host has
//! one page to restore between two people. A WebAssembly instance runs one call at a time, so nothing here locks.

use alloc::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;

/// Blocks are 2^4 to 2^31 bytes.
const SMALLEST: u32 = 4;
const CLASSES: usize = 28;
const PAGE: usize = 64 << 10;
/// Bytes that are free when the module starts: a host has to replace an instance whose memory has grown, which costs more
/// than a call.
const ROOM: usize = 32 << 10;

/// The global allocator that `direction!` sets.
pub struct Heap(UnsafeCell<State>);

struct State {
    /// First byte never given out; 0 before the first block.
    top: usize,
    /// First byte behind the memory.
    end: usize,
    /// For each size, the block given back last; its first word is the block before it.
    free: [usize; CLASSES],
}

// One call at a time: the host never enters an instance twice, and there are no threads.
unsafe impl Sync for Heap {}

extern "C" {
    static __heap_base: u8;
}

impl Heap {
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Heap {
        Heap(UnsafeCell::new(State { top: 0, end: 0, free: [0; CLASSES] }))
    }
}

fn class(layout: &Layout) -> u32 {
    let size = layout.size().max(layout.align()).max(1 << SMALLEST);
    usize::BITS - (size - 1).leading_zeros()
}

impl State {
    unsafe fn fresh(&mut self, size: usize, align: usize) -> *mut u8 {
        if self.top == 0 {
            self.top = core::ptr::addr_of!(__heap_base) as usize;
            self.end = core::arch::wasm32::memory_size(0) * PAGE;
            if self.end - self.top < ROOM && core::arch::wasm32::memory_grow(0, 1) != usize::MAX {
                self.end += PAGE;
            }
        }
        let start = (self.top + align - 1) & !(align - 1);
        let next = match start.checked_add(size) {
            Some(next) => next,
            None => return core::ptr::null_mut(),
        };
        if next > self.end {
            let pages = (next - self.end + PAGE - 1) / PAGE;
            if core::arch::wasm32::memory_grow(0, pages) == usize::MAX {
                return core::ptr::null_mut();
            }
            self.end += pages * PAGE;
        }
        self.top = next;
        start as *mut u8
    }
}

unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let state = &mut *self.0.get();
        let class = class(&layout);
        if class as usize >= CLASSES + SMALLEST as usize {
            return core::ptr::null_mut();
        }
        let align = layout.align().max(1 << SMALLEST);
        let list = &mut state.free[(class - SMALLEST) as usize];
        let block = *list;
        if block != 0 && block & (align - 1) == 0 {
            *list = *(block as *const usize);
            return block as *mut u8;
        }
        state.fresh(1 << class, align)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let list = &mut (*self.0.get()).free[(class(&layout) - SMALLEST) as usize];
        *(block as *mut usize) = *list;
        *list = block as usize;
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let wanted = Layout::from_size_align_unchecked(size, layout.align());
        if class(&wanted) == class(&layout) {
            return block;
        }
        let fresh = self.alloc(wanted);
        if !fresh.is_null() {
            core::ptr::copy_nonoverlapping(block, fresh, layout.size().min(size));
            self.dealloc(block, layout);
        }
        fresh
    }
}
