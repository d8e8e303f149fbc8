;; Module "unwind": LUAI_TRY and LUAI_THROW as standard WebAssembly exceptions, for unwind=exnref.
;; As unwind-eh.wat, but what was caught once is thrown again from then on: that spares the engine
;; a new exception each time (7 % of a yield that unwinds in V8, measured).
(module
  (import "core" "__indirect_function_table" (table 0 funcref))
  (import "core" "__stack_pointer" (global $stack_pointer (mut i32)))
  (tag $lua_error)
  (global $thrown (mut exnref) (ref.null exn))
  (func $lua_try (export "lua_try") (param $function i32) (param $state i32) (param $argument i32)
    (local $saved i32)
    (local.set $saved (global.get $stack_pointer))
    (block $done
      (global.set $thrown
        (block $caught (result exnref)
          (try_table (catch_ref $lua_error $caught)
            (call_indirect (param i32 i32)
              (local.get $state) (local.get $argument) (local.get $function)))
          (br $done)))
      (global.set $stack_pointer (local.get $saved))))
  (func $lua_throw (export "lua_throw")
    (if (ref.is_null (global.get $thrown)) (then (throw $lua_error)))
    (throw_ref (global.get $thrown))))
