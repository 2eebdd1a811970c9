;; Weighted sums of the experts and their largest class, two float64 at a time: see weighted-argmax.ts for the memory.
;; Every operation is the one of the plain formula, in its order, so that results are the same bit for bit.
(module
  (memory (export "memory") 1)

  ;; weights := weights / sum over modalities, and $equal where the sum is 0. $stride is the bytes of one modality's
  ;; weights, of which every 16 are two rows.
  (func (export "normalise") (param $modalities i32) (param $stride i32) (param $weights i32) (param $equal f64)
    (local $end i32) (local $last i32) (local $at i32) (local $sum v128) (local $positive v128)

    (local.set $end (i32.add (local.get $weights) (local.get $stride)))
    (local.set $last (i32.add (local.get $weights) (i32.mul (local.get $modalities) (local.get $stride))))
    (loop $rows
      (local.set $sum (v128.const f64x2 0 0))
      (local.set $at (local.get $weights))
      (loop $add
        (local.set $sum (f64x2.add (local.get $sum) (v128.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (local.get $stride)))
        (br_if $add (i32.lt_u (local.get $at) (local.get $last))))

      (local.set $positive (f64x2.gt (local.get $sum) (v128.const f64x2 0 0)))
      (local.set $at (local.get $weights))
      (loop $divide
        (v128.store
          (local.get $at)
          (v128.bitselect
            (f64x2.div (v128.load (local.get $at)) (local.get $sum))
            (f64x2.splat (local.get $equal))
            (local.get $positive)))
        (local.set $at (i32.add (local.get $at) (local.get $stride)))
        (br_if $divide (i32.lt_u (local.get $at) (local.get $last))))

      (local.set $last (i32.add (local.get $last) (i32.const 16)))
      (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
      (br_if $rows (i32.lt_u (local.get $weights) (local.get $end)))))

  ;; The class of the largest weighted sum of each row, the lowest one on ties, as int32 at $best. Classes are numbered
  ;; from $first to $classes - 1; where $first is 1, there is a class 0 besides whose sum is $floor on every row.
  ;; Eight rows at a time, as four pairs: sums v, largest sums m and their classes b stay in registers.
  (func (export "argmax")
    (param $modalities i32) (param $first i32) (param $classes i32) (param $floor f64)
    (param $stride i32) (param $weights i32) (param $columns i32) (param $best i32)
    (local $end i32) (local $w i32) (local $c i32) (local $m i32) (local $class i32) (local $this v128)
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128)
    (local $m0 v128) (local $m1 v128) (local $m2 v128) (local $m3 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)

    (local.set $end (i32.add (local.get $weights) (local.get $stride)))
    (loop $rows
      (local.set $m0 (f64x2.splat (local.get $floor)))
      (local.set $m1 (local.get $m0))
      (local.set $m2 (local.get $m0))
      (local.set $m3 (local.get $m0))
      (local.set $b0 (v128.const i64x2 0 0))
      (local.set $b1 (v128.const i64x2 0 0))
      (local.set $b2 (v128.const i64x2 0 0))
      (local.set $b3 (v128.const i64x2 0 0))
      (local.set $c (local.get $columns))
      (local.set $class (local.get $first))
      (loop $each_class
        (local.set $v0 (v128.const f64x2 0 0))
        (local.set $v1 (v128.const f64x2 0 0))
        (local.set $v2 (v128.const f64x2 0 0))
        (local.set $v3 (v128.const f64x2 0 0))
        (local.set $w (local.get $weights))
        (local.set $m (local.get $modalities))
        (loop $each_modality
          (local.set $v0
            (f64x2.add (local.get $v0) (f64x2.mul (v128.load (local.get $w)) (v128.load (local.get $c)))))
          (local.set $v1
            (f64x2.add (local.get $v1)
              (f64x2.mul (v128.load offset=16 (local.get $w)) (v128.load offset=16 (local.get $c)))))
          (local.set $v2
            (f64x2.add (local.get $v2)
              (f64x2.mul (v128.load offset=32 (local.get $w)) (v128.load offset=32 (local.get $c)))))
          (local.set $v3
            (f64x2.add (local.get $v3)
              (f64x2.mul (v128.load offset=48 (local.get $w)) (v128.load offset=48 (local.get $c)))))
          (local.set $w (i32.add (local.get $w) (local.get $stride)))
          (local.set $c (i32.add (local.get $c) (local.get $stride)))
          (br_if $each_modality (local.tee $m (i32.sub (local.get $m) (i32.const 1)))))

        (if (local.get $class)
          (then
            (local.set $this (i64x2.splat (i64.extend_i32_u (local.get $class))))
            (local.set $b0 (v128.bitselect (local.get $this) (local.get $b0) (f64x2.gt (local.get $v0) (local.get $m0))))
            (local.set $b1 (v128.bitselect (local.get $this) (local.get $b1) (f64x2.gt (local.get $v1) (local.get $m1))))
            (local.set $b2 (v128.bitselect (local.get $this) (local.get $b2) (f64x2.gt (local.get $v2) (local.get $m2))))
            (local.set $b3 (v128.bitselect (local.get $this) (local.get $b3) (f64x2.gt (local.get $v3) (local.get $m3))))
            ;; pmax(m, v) is m < v ? v : m, one instruction.
            (local.set $m0 (f64x2.pmax (local.get $m0) (local.get $v0)))
            (local.set $m1 (f64x2.pmax (local.get $m1) (local.get $v1)))
            (local.set $m2 (f64x2.pmax (local.get $m2) (local.get $v2)))
            (local.set $m3 (f64x2.pmax (local.get $m3) (local.get $v3))))
          (else
            ;; Not a comparison with -infinity: a first sum that is not a number has to stay the largest.
            (local.set $m0 (local.get $v0))
            (local.set $m1 (local.get $v1))
            (local.set $m2 (local.get $v2))
            (local.set $m3 (local.get $v3))))
        (local.set $class (i32.add (local.get $class) (i32.const 1)))
        (br_if $each_class (i32.lt_u (local.get $class) (local.get $classes))))

      ;; The low halves of four 64-bit classes make four 32-bit ones.
      (v128.store
        (local.get $best)
        (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $b0) (local.get $b1)))
      (v128.store offset=16
        (local.get $best)
        (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $b2) (local.get $b3)))
      (local.set $best (i32.add (local.get $best) (i32.const 32)))
      (local.set $columns (i32.add (local.get $columns) (i32.const 64)))
      (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
      (br_if $rows (i32.lt_u (local.get $weights) (local.get $end))))))
