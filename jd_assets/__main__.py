from jd_assets.cli import main

main()
