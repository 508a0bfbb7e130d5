// Signals that end the program, for whoever has something to put in order first.

import Foundation

/// True where our parent had us ignore a signal, as nohup does; that is to stay so.
func isIgnored(_ number: Int32) -> Bool {
  var action = sigaction()
  sigaction(number, nil, &action)
  return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    == unsafeBitCast(SIG_IGN, to: Int.self)
}

/// From here on an interruption calls `tidy`, on a thread of its own; the program ends by the signal
/// when `tidy` calls what it is given.
func whenInterrupted(_ tidy: @escaping @Sendable (_ end: () -> Void) -> Void) {
  var signals = sigset_t()
  sigemptyset(&signals)
  for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] where !isIgnored(number) {
    sigaddset(&signals, number)
  }
  // Threads inherit what is blocked, so that every signal waits for the thread that asks for it.
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  Thread.detachNewThread { [signals] in
    var signals = signals
    var number: Int32 = 0
    guard sigwait(&signals, &number) == 0 else { return }
    tidy {
      signal(number, SIG_DFL)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      raise(number)
    }
  }
}
