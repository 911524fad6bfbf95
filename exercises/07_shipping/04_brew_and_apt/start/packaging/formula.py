"""Writes the formula for brew, `dist/tally.rb`: python packaging/formula.py VERSION ARCHIVE [SHA256]

Without a digest it is computed from the archive.
"""

import hashlib
import os
import sys

if not 3 <= len(sys.argv) <= 4 or not all(sys.argv[1:3]):
    sys.exit(__doc__)
version, archive = sys.argv[1:3]
with open(archive, "rb") as file:
    computed = hashlib.sha256(file.read()).hexdigest()
digest = sys.argv[3] if len(sys.argv) > 3 else computed

repo = os.environ.get("DRONE_REPO", "octocat/hello-world")
with open("dist/tally.rb", "w", encoding="utf-8") as file:
    file.write(f'''class Tally < Formula
  desc "Adds up what stands in a file"
  homepage "https://github.com/{repo}"
  url "https://github.com/{repo}/releases/download/v{version}/{os.path.basename(archive)}"
  sha256 "{digest}"

  def install
    bin.install "tally"
  end

  test do
    (testpath/"numbers").write("40\\n2\\n")
    assert_equal "42", shell_output("#{{bin}}/tally numbers").strip
  end
end
''')
print(f"Made dist/tally.rb for version {version}.")
