;; The innermost loop of drawing shuffles, with the 64-bit integers that JavaScript lacks: see shuffled-copies.ts.
(module
  (memory (export "memory") 1)

  ;; Writes a shuffle of the `size` numbers at $values to $target (Fisher and Yates, inside out), drawn from Alea in the
  ;; state $carry, $x0, $x1, $x2: a multiply-with-carry generator of lag 3 on 32-bit integers.
  (func (export "shuffle")
    (param $size i32) (param $values i32) (param $target i32)
    (param $carry i32) (param $x0 i32) (param $x1 i32) (param $x2 i32)
    (local $c i64) (local $a i64) (local $b i64) (local $x i64) (local $i i64) (local $at i32) (local $picked i32)

    (local.set $c (i64.extend_i32_u (local.get $carry)))
    (local.set $a (i64.extend_i32_u (local.get $x0)))
    (local.set $b (i64.extend_i32_u (local.get $x1)))
    (local.set $x (i64.extend_i32_u (local.get $x2)))
    (local.set $at (local.get $target))
    (i64.store (local.get $at) (i64.load (local.get $values)))
    (local.set $i (i64.const 2))
    (block $done
      (loop $next
        (br_if $done (i64.gt_u (local.get $i) (i64.extend_i32_u (local.get $size))))

        ;; t = 2091639 a + c; the high half is the next carry, the low half the next number.
        (local.set $c (i64.add (i64.mul (local.get $a) (i64.const 2091639)) (local.get $c)))
        (local.set $a (local.get $b))
        (local.set $b (local.get $x))
        (local.set $x (i64.and (local.get $c) (i64.const 0xffffffff)))
        (local.set $c (i64.shr_u (local.get $c) (i64.const 32)))

        ;; Among the $i first places, the one whose number moves to the last of them: floor(x / 2^32 * i).
        (local.set $picked
          (i32.add
            (local.get $target)
            (i32.shl
              (i32.wrap_i64 (i64.shr_u (i64.mul (local.get $x) (local.get $i)) (i64.const 32)))
              (i32.const 3))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $values (i32.add (local.get $values) (i32.const 8)))
        (i64.store (local.get $at) (i64.load (local.get $picked)))
        (i64.store (local.get $picked) (i64.load (local.get $values)))
        (local.set $i (i64.add (local.get $i) (i64.const 1)))
        (br $next)))))
