"""Closes a window as its close button does (WM_DELETE_WINDOW). Usage: window.py ID"""

import sys

from Xlib import X, display
from Xlib.protocol import event

server = display.Display()
window = server.create_resource_object("window", int(sys.argv[1]))
protocols, delete = server.intern_atom("WM_PROTOCOLS"), server.intern_atom("WM_DELETE_WINDOW")
message = event.ClientMessage(window=window, client_type=protocols, data=(32, [delete, X.CurrentTime, 0, 0, 0]))
window.send_event(message, event_mask=X.NoEventMask)
server.sync()
