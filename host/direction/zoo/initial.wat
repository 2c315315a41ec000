;; An entry that never ends.
(func (export "_initialize") (loop $ever (br $ever)))
(func $run (param i32 i32) (result i64) (call $text (i32.const 256)))
