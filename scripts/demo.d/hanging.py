"""A web server that answers for eight seconds and then hangs: hanging.py PORT"""

import http.server
import sys
import time

start = time.monotonic()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        while time.monotonic() - start > 8:
            time.sleep(1)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"all is well\n")


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
