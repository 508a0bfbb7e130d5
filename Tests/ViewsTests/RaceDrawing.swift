// The drawing that `DrawingTests` expects of the race: the text, and a letter for the ink of each
// cell.

let raceLines = [
  #" standard-attention         scores 1/3 │ ▸flash-attention          attention 1/1"#,
  #"HBM  Q   K   V   S      P      O       │ HBM  Q  K  V  O  l  m  S: chip only"#,
  #"     ■■  »»  ··  «« ··  ·· ··  ··      │      »  ■  ■  ■  ■  ■  ▲ ·"#,
  #"     ■■  »»  ··  «« ··  ·· ··  ··      │      »  ■  ■  ■  ■  ■  ▲ ·"#,
  #"     ■■  »»  ··  ·· ··  ·· ··  ··      │      ■  ■  »  ·  ·  ·  · ·"#,
  #"     ■■  »»  ··  ·· ··  ·· ··  ··      │      ■  ■  »  ·  ·  ·  · ·"#,
  #"bus  » load K[1] █████████░ 58/64 B +3 │ bus  » load V[1] ██████████░ 58/64 B +1"#,
  #"SRAM ░░░░░░░░░░░░░░░░░░░░ 448/32,768 B │ SRAM ░░░░░░░░░░░░░░░░░░░░░ 544/32,768 B"#,
  #"     b0 ■S[0,0] b1 ■Q[0] »K[1]         │      ■K[0] ■V[0] ■O[0] ■l[0] ■m[0]"#,
  #"     b2 ■Q[1] »K[0] b3 ■Q[1] »K[1]     │      ▲S[0,0] ■Q[1] ■K[1] »V[1] »Q[0]"#,
  #"tensor ·  fp32 ·  sfu ·                │ tensor ·  fp32 ▲m~[0]  sfu ·"#,
  #"row 4                                  │ row 0 m −∞ l 0"#,
  #"» read 320 B  « wrote 0 B              │ » read 320 B  « wrote 0 B"#,
  #"████░░░░░░░░░░░░░░░░░░░░░░       320 B │ █████░░░░░░░░░░░░░░░░░░░░░░       320 B"#,
  #"standard ··············»»»»███»»»··············»»»███»»»»··············█»»███»»»"#,
  #"flash    ··············█»»»███»»»█▲██»»»»»███»»»»»▲█»»»"#,
  #"         » bus   ▲ units   █ both   · wait                      cycle 260 of 969"#,
]

let raceInks = [
  #" tttttttttttttttttt         ...... ... d attttttttttttttt          ......... ..."#,
  #"...  .   .   .   .      .      .       d ...  .  .  .  .  .  .  dd dddd dddd"#,
  #"     rr  ll  dd  ss dd  dd dd  dd      d      l  r  r  r  r  r  c d"#,
  #"     rr  ll  dd  ss dd  dd dd  dd      d      l  r  r  r  r  r  c d"#,
  #"     rr  ll  dd  dd dd  dd dd  dd      d      r  r  l  d  d  d  d d"#,
  #"     rr  ll  dd  dd dd  dd dd  dd      d      r  r  l  d  d  d  d d"#,
  #"lll  l llll llll llllllllll ..... . .. d lll  l llll llll lllllllllll ..... . .."#,
  #".... rrrrrrrrrrrrrrrrrrrr .......... . d .... rrrrrrrrrrrrrrrrrrrrr .......... ."#,
  #"     dd rrrrrrr dd rrrrr lllll         d      rrrrr rrrrr rrrrr rrrrr rrrrr"#,
  #"     dd rrrrr lllll dd rrrrr lllll     d      ccccccc rrrrr rrrrr lllll lllll"#,
  #"dddddd d  dddd d  ddd d                d dddddd d  .... cccccc  ddd d"#,
  #"ddd d                                  d ddd d d .. d ."#,
  #"l llll lll l  s sssss s s              d l llll lll l  s sssss s s"#,
  #"aaaaaaaaaaaaaaaaaaaaaaaaaa       ... . d aaaaaaaaaaaaaaaaaaaaaaaaaaa       ... ."#,
  #"dddddddd ddddddddddddddllllrrddddddddddddddddddddddddddddddddddddddddddddddddddd"#,
  #"ddddd    ddddddddddddddrlllrrdddddddddddddddddddddddddd"#,
  #"         d ddd   d ddddd   d dddd   d dddd                      ..... ... .. ..."#,
]
