# Stands in for Homebrew: ruby homebrew.rb FORMULA UNPACKED KEG installs an unpacked
# archive by the formula, runs the formula's test, and prints URL and checksum of
# every archive that the formula names.
require "fileutils"
require "pathname"
require "tmpdir"

# Folder is one of the places that formulae install into.
class Folder < Pathname
  def install(*names)
    mkpath
    names.flatten.each do |name|
      name = { name => File.basename(name) } unless name.is_a?(Hash)
      name.each do |from, to|
        raise "there is no #{from}" unless File.exist?(from)

        FileUtils.cp_r(from, self / to)
      end
    end
  end
end

class Formula
  class << self
    attr_reader :archives, :tested

    %w[desc homepage license].each { |word| define_method(word) { |text| raise "#{word} is empty" if text.empty? } }
    %w[on_macos on_linux on_arm on_intel].each { |word| define_method(word) { |&block| instance_eval(&block) } }

    def version(text = nil) = text ? @version = text : @version
    def url(text) = (@archives ||= []) << [text]
    def sha256(text) = @archives.last << text
    def test(&block) = @tested = block
  end

  def initialize(keg, testpath)
    @keg = keg
    @testpath = testpath
  end

  attr_reader :testpath

  {
    bin: "bin", man1: "share/man/man1", doc: "share/doc/latch", bash_completion: "etc/bash_completion.d",
    zsh_completion: "share/zsh/site-functions", fish_completion: "share/fish/vendor_completions.d"
  }.each { |name, path| define_method(name) { Folder.new(File.join(@keg, path)) } }

  def version = self.class.version
  def shell_output(command) = `#{command}`
  def assert_match(part, text) = (raise "no #{part} in #{text}" unless text.include?(part))
  def assert_path_exists(path) = (raise "there is no #{path}" unless File.exist?(path))
  def system(*command) = (raise "failed: #{command}" unless Kernel.system(*command.map(&:to_s), out: File::NULL, err: File::NULL))
end

formula, unpacked, keg = ARGV.map { |path| File.expand_path(path) }
load formula
Dir.mktmpdir do |folder|
  latch = Latch.new(keg, Pathname.new(folder))
  Dir.chdir(unpacked) { latch.install }
  Dir.chdir(folder) { latch.instance_eval(&Latch.tested) }
end
Latch.archives.each { |archive| puts archive.join(" ") }
