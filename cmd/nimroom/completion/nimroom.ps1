# Completion of nimroom for PowerShell 5.1 or newer.
Register-ArgumentCompleter -Native -CommandName nimroom -ScriptBlock {
    param($word, $line, $cursor)
    $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
    if ($word -eq '') { $word = '""' } # an empty argument does not reach the program before PowerShell 7.3
    $before = @($words | Select-Object -Skip 1) # always a list
    & $words[0] complete @before $word 2>$null | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        $text = if ($value -match "[\s']") { "'" + $value.Replace("'", "''") + "'" } else { $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $(if ($help) { $help } else { $value }))
    }
}
