;; All memory that there is, and then every byte of it, again and again.
(func $run (param i32 i32) (result i64)
  (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
  (loop $ever
    (memory.fill (i32.const 0) (i32.const 1) (i32.mul (memory.size) (i32.const 65536)))
    (br $ever))
  (unreachable))
