print("rdpscope")
