;; Weighted sums of the experts and their largest class, two float64 at a time: see weighted-argmax.ts for the memory.
;; Every operation is the one of the plain formula, in its order, so that results are the same bit for bit.
(module
  (memory (export "memory") 1)

  ;; Of eight rows, writes scores / sum over modalities to the scratch at byte 0, and equal weights where the sum is 0. The
  ;; scores of one modality are $stride bytes after those of the one before, the weights 64.
  (func $normalise (param $modalities i32) (param $stride i32) (param $scores i32)
    (local $m i32) (local $at i32) (local $to i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128) (local $otherwise v128)

    (local.set $s0 (v128.const f64x2 0 0))
    (local.set $s1 (v128.const f64x2 0 0))
    (local.set $s2 (v128.const f64x2 0 0))
    (local.set $s3 (v128.const f64x2 0 0))
    (local.set $at (local.get $scores))
    (local.set $m (local.get $modalities))
    (loop $add
      (local.set $s0 (f64x2.add (local.get $s0) (v128.load (local.get $at))))
      (local.set $s1 (f64x2.add (local.get $s1) (v128.load offset=16 (local.get $at))))
      (local.set $s2 (f64x2.add (local.get $s2) (v128.load offset=32 (local.get $at))))
      (local.set $s3 (f64x2.add (local.get $s3) (v128.load offset=48 (local.get $at))))
      (local.set $at (i32.add (local.get $at) (local.get $stride)))
      (br_if $add (local.tee $m (i32.sub (local.get $m) (i32.const 1)))))

    (local.set $otherwise (f64x2.splat (f64.div (f64.const 1) (f64.convert_i32_u (local.get $modalities)))))
    (local.set $at (local.get $scores))
    (local.set $m (local.get $modalities))
    (loop $divide
      (v128.store (local.get $to)
        (v128.bitselect (f64x2.div (v128.load (local.get $at)) (local.get $s0))
          (local.get $otherwise) (f64x2.gt (local.get $s0) (v128.const f64x2 0 0))))
      (v128.store offset=16 (local.get $to)
        (v128.bitselect (f64x2.div (v128.load offset=16 (local.get $at)) (local.get $s1))
          (local.get $otherwise) (f64x2.gt (local.get $s1) (v128.const f64x2 0 0))))
      (v128.store offset=32 (local.get $to)
        (v128.bitselect (f64x2.div (v128.load offset=32 (local.get $at)) (local.get $s2))
          (local.get $otherwise) (f64x2.gt (local.get $s2) (v128.const f64x2 0 0))))
      (v128.store offset=48 (local.get $to)
        (v128.bitselect (f64x2.div (v128.load offset=48 (local.get $at)) (local.get $s3))
          (local.get $otherwise) (f64x2.gt (local.get $s3) (v128.const f64x2 0 0))))
      (local.set $at (i32.add (local.get $at) (local.get $stride)))
      (local.set $to (i32.add (local.get $to) (i32.const 64)))
      (br_if $divide (local.tee $m (i32.sub (local.get $m) (i32.const 1))))))

  ;; Decides between two classes by the sign of the sum over modalities of score * difference, as int32 at $best, eight rows
  ;; at a time, and stops at the first eight of which one is not clear: where the sum is within $guard of 0, relative to
  ;; the sum of the scores, or a score is negative. Returns where it stopped among the scores, $end if nowhere.
  (func (export "signs")
    (param $modalities i32) (param $stride i32) (param $scores i32) (param $end i32)
    (param $differences i32) (param $best i32) (param $guard f64) (result i32)
    (local $s i32) (local $d i32) (local $m i32) (local $score v128) (local $all v128) (local $clear v128)
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)

    (block $unclear
      (loop $rows
        (local.set $v0 (v128.const f64x2 0 0))
        (local.set $v1 (v128.const f64x2 0 0))
        (local.set $v2 (v128.const f64x2 0 0))
        (local.set $v3 (v128.const f64x2 0 0))
        (local.set $s0 (v128.const f64x2 0 0))
        (local.set $s1 (v128.const f64x2 0 0))
        (local.set $s2 (v128.const f64x2 0 0))
        (local.set $s3 (v128.const f64x2 0 0))
        (local.set $all (v128.const i64x2 0 0))
        (local.set $s (local.get $scores))
        (local.set $d (local.get $differences))
        (local.set $m (local.get $modalities))
        (loop $each_modality
          (local.set $score (v128.load (local.get $s)))
          (local.set $all (v128.or (local.get $all) (local.get $score)))
          (local.set $s0 (f64x2.add (local.get $s0) (local.get $score)))
          (local.set $v0 (f64x2.add (local.get $v0) (f64x2.mul (local.get $score) (v128.load (local.get $d)))))
          (local.set $score (v128.load offset=16 (local.get $s)))
          (local.set $all (v128.or (local.get $all) (local.get $score)))
          (local.set $s1 (f64x2.add (local.get $s1) (local.get $score)))
          (local.set $v1 (f64x2.add (local.get $v1) (f64x2.mul (local.get $score) (v128.load offset=16 (local.get $d)))))
          (local.set $score (v128.load offset=32 (local.get $s)))
          (local.set $all (v128.or (local.get $all) (local.get $score)))
          (local.set $s2 (f64x2.add (local.get $s2) (local.get $score)))
          (local.set $v2 (f64x2.add (local.get $v2) (f64x2.mul (local.get $score) (v128.load offset=32 (local.get $d)))))
          (local.set $score (v128.load offset=48 (local.get $s)))
          (local.set $all (v128.or (local.get $all) (local.get $score)))
          (local.set $s3 (f64x2.add (local.get $s3) (local.get $score)))
          (local.set $v3 (f64x2.add (local.get $v3) (f64x2.mul (local.get $score) (v128.load offset=48 (local.get $d)))))
          (local.set $s (i32.add (local.get $s) (local.get $stride)))
          (local.set $d (i32.add (local.get $d) (local.get $stride)))
          (br_if $each_modality (local.tee $m (i32.sub (local.get $m) (i32.const 1)))))

        ;; A sign bit among the scores, or |v| <= guard * s. The constant keeps results that are not normal numbers away.
        (br_if $unclear (i64x2.bitmask (local.get $all)))
        (local.set $s0 (f64x2.add (f64x2.mul (local.get $s0) (f64x2.splat (local.get $guard))) (v128.const f64x2 0x1p-1000 0x1p-1000)))
        (local.set $s1 (f64x2.add (f64x2.mul (local.get $s1) (f64x2.splat (local.get $guard))) (v128.const f64x2 0x1p-1000 0x1p-1000)))
        (local.set $s2 (f64x2.add (f64x2.mul (local.get $s2) (f64x2.splat (local.get $guard))) (v128.const f64x2 0x1p-1000 0x1p-1000)))
        (local.set $s3 (f64x2.add (f64x2.mul (local.get $s3) (f64x2.splat (local.get $guard))) (v128.const f64x2 0x1p-1000 0x1p-1000)))
        (local.set $clear
          (v128.and
            (v128.and
              (f64x2.gt (f64x2.abs (local.get $v0)) (local.get $s0))
              (f64x2.gt (f64x2.abs (local.get $v1)) (local.get $s1)))
            (v128.and
              (f64x2.gt (f64x2.abs (local.get $v2)) (local.get $s2))
              (f64x2.gt (f64x2.abs (local.get $v3)) (local.get $s3)))))
        (br_if $unclear (i32.eqz (i64x2.all_true (local.get $clear))))

        ;; The sign bits of four sums that are not 0 make four 32-bit classes: 1 where it is not set.
        (v128.store
          (local.get $best)
          (i32x4.add
            (v128.const i32x4 1 1 1 1)
            (i32x4.shr_s
              (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $v0) (local.get $v1))
              (i32.const 31))))
        (v128.store offset=16
          (local.get $best)
          (i32x4.add
            (v128.const i32x4 1 1 1 1)
            (i32x4.shr_s
              (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $v2) (local.get $v3))
              (i32.const 31))))
        (local.set $best (i32.add (local.get $best) (i32.const 32)))
        (local.set $differences (i32.add (local.get $differences) (i32.const 64)))
        (local.set $scores (i32.add (local.get $scores) (i32.const 64)))
        (br_if $rows (i32.lt_u (local.get $scores) (local.get $end)))))
    (local.get $scores))

  ;; The class of the largest weighted sum of each row, the lowest one on ties, as int32 at $best. Classes are numbered
  ;; from $first to $classes - 1; where $first is 1, there is a class 0 besides whose sum is $floor on every row.
  ;; The weights are the scores, divided by their sum if $normalises is not 0.
  ;; Eight rows at a time, as four pairs: sums v, largest sums m and their classes b stay in registers.
  (func (export "argmax")
    (param $modalities i32) (param $first i32) (param $classes i32) (param $floor f64)
    (param $normalises i32) (param $stride i32) (param $scores i32) (param $end i32) (param $columns i32) (param $best i32)
    (local $weights i32) (local $step i32)
    (local $w i32) (local $c i32) (local $m i32) (local $class i32) (local $this v128)
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128)
    (local $m0 v128) (local $m1 v128) (local $m2 v128) (local $m3 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)

    (local.set $step (select (i32.const 64) (local.get $stride) (local.get $normalises)))
    (loop $rows
      (if (local.get $normalises)
        (then (call $normalise (local.get $modalities) (local.get $stride) (local.get $scores)))
        (else (local.set $weights (local.get $scores))))
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
          (local.set $w (i32.add (local.get $w) (local.get $step)))
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
      (local.set $scores (i32.add (local.get $scores) (i32.const 64)))
      (br_if $rows (i32.lt_u (local.get $scores) (local.get $end))))))
