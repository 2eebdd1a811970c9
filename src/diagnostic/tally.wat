;; Counts what one shuffle did to the predictions, four rows at a time and without branches, because whether a prediction is
;; right is what a processor cannot predict: see tally.ts.
(module
  (memory (export "memory") 1)

  ;; All arrays are int32, and those of the rows $stride bytes long, one after the other: predicted classes from byte 0,
  ;; then labels, cells, clean classes and the times that each row was right, which are added to. Right predictions per cell
  ;; are added to four tables from $hits, $table bytes each: consecutive rows of one cell would wait for each other.
  ;; Returns how many predictions are not the clean ones.
  (func (export "tally") (param $stride i32) (param $hits i32) (param $table i32) (result i32)
    (local $at i32) (local $to i32) (local $predicted v128) (local $right v128) (local $same v128)
    (local $tables v128) (local $counters v128)

    (local.set $tables
      (i32x4.add
        (i32x4.splat (local.get $hits))
        (i32x4.mul (i32x4.splat (local.get $table)) (v128.const i32x4 0 1 2 3))))
    (loop $rows
      (local.set $predicted (v128.load (local.get $at)))
      (local.set $to (i32.add (local.get $at) (local.get $stride)))
      (local.set $right (i32x4.eq (local.get $predicted) (v128.load (local.get $to))))
      (local.set $to (i32.add (local.get $to) (local.get $stride)))
      (local.set $counters
        (i32x4.add (local.get $tables) (i32x4.shl (v128.load (local.get $to)) (i32.const 2))))
      (local.set $to (i32.add (local.get $to) (local.get $stride)))
      (local.set $same
        (i32x4.add (local.get $same) (i32x4.eq (local.get $predicted) (v128.load (local.get $to)))))
      (local.set $to (i32.add (local.get $to) (local.get $stride)))
      (v128.store (local.get $to) (i32x4.sub (v128.load (local.get $to)) (local.get $right)))

      ;; What is right is -1, so that to subtract it counts it.
      (local.set $to (i32x4.extract_lane 0 (local.get $counters)))
      (i32.store (local.get $to) (i32.sub (i32.load (local.get $to)) (i32x4.extract_lane 0 (local.get $right))))
      (local.set $to (i32x4.extract_lane 1 (local.get $counters)))
      (i32.store (local.get $to) (i32.sub (i32.load (local.get $to)) (i32x4.extract_lane 1 (local.get $right))))
      (local.set $to (i32x4.extract_lane 2 (local.get $counters)))
      (i32.store (local.get $to) (i32.sub (i32.load (local.get $to)) (i32x4.extract_lane 2 (local.get $right))))
      (local.set $to (i32x4.extract_lane 3 (local.get $counters)))
      (i32.store (local.get $to) (i32.sub (i32.load (local.get $to)) (i32x4.extract_lane 3 (local.get $right))))

      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $rows (i32.lt_u (local.get $at) (local.get $stride))))

    (i32.add
      (i32.shr_u (local.get $stride) (i32.const 2))
      (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $same)) (i32x4.extract_lane 1 (local.get $same)))
        (i32.add (i32x4.extract_lane 2 (local.get $same)) (i32x4.extract_lane 3 (local.get $same)))))))
