// The drawing that `DrawingTests` expects of the race: the text, and a letter for the ink of each
// cell.

let raceLines = [
  #" standard-attention         scores 1/3 │ ▸flash-attention          attention 1/1"#,
  #"HBM   K▒▒░▓»█░░▓»V▒▒▓▒ ▒▒▓░            │ HBM   K▒▒░▓■█░░▓■V▒▒▓▒■▒▒▓░»"#,
  #" Q     S          P          O         │  Q     S chip     P chip     O    l m"#,
  #" ▒▒░▓■ ····«····  ···· ····  ····      │  ▒▒░▓» ▓▓▓░▲····  ···· ····  ····■·■·■"#,
  #" ▒▓▒▒■ ···· ····  ···· ····  ····      │  ▒▓▒▒■ ···· ····  ···· ····  ···· · ·"#,
  #"bus  » load K[1] █████████░ 58/64 B +3 │ bus  » load V[1] ██████████░ 58/64 B +1"#,
  #"SRAM ░░░░░░░░░░░░░░    448 of 32,768 B │ SRAM ░░░░░░░░░░░░░░░    544 of 32,768 B"#,
  #"b0 ■S[0,0]▓▒ b1 ■Q[0]░▒ »K[1]█·        │ ■K[0]▒▒ ■V[0]▒▓ ■O[0]▒▒ ▲S[0,0]▓▒"#,
  #"b2 ■Q[1]▒▒ »K[0]▒· b3 ■Q[1]▒▒ »K[1]█·  │ ■Q[1]▒▒ ■K[1]█▒ »V[1]▒· »Q[0]·· +2"#,
  #"tensor ·  fp32 ·  sfu ·                │ tensor ·  fp32 ▲m̃[0]  sfu ·"#,
  #"softmax of row 0                       │ softmax of row 4"#,
  #"waits for its whole row of S           │ has met no key yet"#,
  #"                                       │"#,
  #"                                       │"#,
  #"» read 320 B  « wrote 0 B              │ » read 320 B  « wrote 0 B"#,
  #"████░░░░░░░░░░░░░░░░░░░░░░       320 B │ █████░░░░░░░░░░░░░░░░░░░░░░       320 B"#,
  #"· unwritten »« moving ■ on chip ▲ at work ╌ dropped ✓ done      cycle 260 of 969"#,
]

let raceInks = [
  #" tttttttttttttttttt         ...... ... d attttttttttttttt          ......... ..."#,
  #"...   .slslllssll.ssll slls            d ...   .slslrlsslr.ssllrsllsl"#,
  #" .     .          .          .         d  .     d dddd     d dddd     .    . ."#,
  #" ssslr ddddsdddd  dddd dddd  dddd      d  sssll lllscdddd  dddd dddd  ddddrdrdr"#,
  #" slllr dddd dddd  dddd dddd  dddd      d  slllr dddd dddd  dddd dddd  dddd d d"#,
  #"lll  l llll llll llllllllll ..... . .. d lll  l llll llll lllllllllll ..... . .."#,
  #".... rrrrrrrrrrrrrr    ... .. ...... . d .... rrrrrrrrrrrrrrr    ... .. ...... ."#,
  #"rr rrrrrrrll rr rrrrrss lllllld        d rrrrrss rrrrrsl rrrrrll cccccccll"#,
  #"rr rrrrrls lllllsd rr rrrrrls lllllld  d rrrrrls rrrrrls lllllsd llllldd dd"#,
  #"dddddd d  dddd d  ddd d                d dddddd d  .... ccccc  ddd d"#,
  #"....... .. ... .                       d ....... .. ... ."#,
  #"ddddd ddd ddd ddddd ddd dd d           d ddd ddd dd ddd ddd"#,
  #"                                       d"#,
  #"                                       d"#,
  #"l llll lll l  s sssss s s              d l llll lll l  s sssss s s"#,
  #"aaaaaaaaaaaaaaaaaaaaaaaaaa       ... . d aaaaaaaaaaaaaaaaaaaaaaaaaaa       ... ."#,
  #"d ddddddddd ll dddddd r dd dddd c dd dddd d ddddddd d dddd      ..... ... .. ..."#,
]
