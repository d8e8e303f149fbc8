-- Printing: `size` lines by print, each followed by one by io.write.
for i = 1, size do
  print("line", i, i / 4, i % 2 == 0)
  io.write("written ", i, "\n")
end
return size
