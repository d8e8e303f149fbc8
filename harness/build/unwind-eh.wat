;; Module "unwind": LUAI_TRY and LUAI_THROW as legacy WebAssembly exceptions, for unwind=eh.
;; The build merges it with the core (post-process.ts); the tag stays private to the wasm, so that
;; an exception of the host, or of another instance, passes through.
(module
  (import "core" "__indirect_function_table" (table 0 funcref))
  (import "core" "__stack_pointer" (global $stack_pointer (mut i32)))
  (tag $lua_error)
  (func $lua_try (export "lua_try") (param $function i32) (param $state i32) (param $argument i32)
    (local $saved i32)
    (local.set $saved (global.get $stack_pointer))
    (try
      (do
        (call_indirect (param i32 i32)
          (local.get $state) (local.get $argument) (local.get $function)))
      (catch $lua_error
        (global.set $stack_pointer (local.get $saved)))))
  (func $lua_throw (export "lua_throw")
    (throw $lua_error)))
