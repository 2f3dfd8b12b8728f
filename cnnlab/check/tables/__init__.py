"""Summary tables: shapes, parameters and multiply-adds, and what students believe of them."""
